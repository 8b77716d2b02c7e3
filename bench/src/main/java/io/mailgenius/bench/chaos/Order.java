package io.mailgenius.bench.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What is to be run.
 *
 * @param mails how many people the campaign goes to
 * @param over how long the send is to take
 * @param seed of everything that is drawn by lot: contacts, faults, the provider's whims
 * @param course which faults there are
 * @param folder for everything that is written; it is emptied first
 * @param program what to give to {@code java} so that it is MailGenius
 */
public record Order(
        long mails, Duration over, long seed, Course course, Path folder, List<String> program) {

    public Order {
        program = List.copyOf(program);
    }
}
