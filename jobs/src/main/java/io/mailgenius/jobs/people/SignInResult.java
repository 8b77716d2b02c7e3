package io.mailgenius.jobs.people;

/** What came of an e-mail address and a password. */
public sealed interface SignInResult {

    /** Who it is. The second factor is still to be asked for, if there is one. */
    record Accepted(long personId, String email, boolean secondFactor) implements SignInResult {}

    /** No such person, another password, or disabled: callers are not told which. */
    record Refused() implements SignInResult {}
}
