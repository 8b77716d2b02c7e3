package io.mailgenius.jobs.providers.sandbox;

import io.mailgenius.jobs.providers.SenderDomains;

/** The sandbox sends no mails, so it accepts any domain. */
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
