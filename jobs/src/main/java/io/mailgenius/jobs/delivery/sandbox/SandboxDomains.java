package io.mailgenius.jobs.delivery.sandbox;

import io.mailgenius.jobs.campaigns.SenderDomains;

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
