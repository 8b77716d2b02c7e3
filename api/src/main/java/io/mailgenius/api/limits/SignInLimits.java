package io.mailgenius.api.limits;

import java.time.Duration;
import java.util.Locale;

/**
 * Slows down whoever guesses passwords and codes: of a person so many may be tried in a quarter of
 * an hour, and so many of one address may be wrong.
 */
public final class SignInLimits implements AutoCloseable {

    static final int OF_PERSON = 10;
    static final int OF_ADDRESS = 100;

    /** Sign-ins that need a session before anybody is known: by passkey, and elsewhere. */
    static final int BEGUN = 300;

    static final Duration SPAN = Duration.ofMinutes(15);

    private final SharedBuckets people;
    private final SharedBuckets addresses;
    private final SharedBuckets begun;

    SignInLimits(SharedBuckets people, SharedBuckets addresses, SharedBuckets begun) {
        this.people = people;
        this.addresses = addresses;
        this.begun = begun;
    }

    /**
     * Counts an attempt, whatever comes of it, so that attempts at the same time count too.
     *
     * @param person an e-mail address, or another name of whose secret is tried
     * @return how long to wait before it may be made; zero if it may be
     */
    public Duration attempt(String person, String address) {
        Duration pause = pause(address);
        if (pause.isPositive()) {
            return pause;
        }
        var probe = people.take(person.strip().toLowerCase(Locale.ROOT));
        return probe.isConsumed()
                ? Duration.ZERO
                : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    /** How long an address has to wait after too many wrong attempts. */
    public Duration pause(String address) {
        return addresses.pause(Clients.network(address));
    }

    /**
     * Counts a sign-in that begins without a name, so that nobody fills the table of sessions.
     *
     * @return how long to wait before it may begin; zero if it may
     */
    public Duration begin(String address) {
        Duration pause = pause(address);
        if (pause.isPositive()) {
            return pause;
        }
        var probe = begun.take(Clients.network(address));
        return probe.isConsumed()
                ? Duration.ZERO
                : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    /** The attempt was wrong. */
    public void failed(String address) {
        addresses.take(Clients.network(address));
    }

    @Override
    public void close() {
        people.close();
        addresses.close();
        begun.close();
    }
}
