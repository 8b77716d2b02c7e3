package io.mailgenius.jobs.providers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the provider takes mails from a domain: its account has to own it. */
public interface SenderDomains {

    /**
     * What the provider says, or has said within the last minutes. Takes some seconds at most, and
     * never throws for what the provider does.
     */
    Answer ask();

    /** The same, but no older than some seconds: somebody may have mended what was wrong. */
    Answer askAgain();

    /** What is known of the account's domains. */
    sealed interface Answer {

        /** There is nothing to verify. */
        record Every(String reason) implements Answer {}

        /** All that there are. */
        record Listed(List<Domain> domains) implements Answer {

            public Listed {
                domains = List.copyOf(domains);
            }
        }

        /** Nothing is known, and a mail may be refused for it or not. */
        record NotAsked(String reason) implements Answer {}
    }

    /**
     * @param status in the provider's words
     * @param region where it sends from, if the provider says so
     */
    record Domain(String name, String status, @Nullable String region, Standing standing) {}

    /** What a status means for a mail. */
    enum Standing {
        SENDS,
        /** Still, though something about it is not in order. */
        SENDS_FOR_NOW,
        DOES_NOT_SEND
    }
}
