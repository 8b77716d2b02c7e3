package io.mailgenius.jobs.providers.sandbox;

import io.mailgenius.jobs.providers.SenderDomains;

/** The sandbox mails nobody, so nobody has to own what it mails from. */
public final class SandboxDomains implements SenderDomains {

    @Override
    public Answer ask() {
        return new Answer.Every("The sandbox takes every domain for verified");
    }

    @Override
    public Answer askAgain() {
        return ask();
    }
}
