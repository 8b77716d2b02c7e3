package io.mailgenius.bench.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The parameters of a run.
 *
 * @param mails the number of recipients
 * @param over the time that the send is to take
 * @param seed of everything random: contacts, faults, faults of the provider
 * @param course which faults are injected
 * @param folder for all files; it is emptied first
 * @param program the arguments of {@code java} that start MailGenius
 */
public record Order(
        long mails, Duration over, long seed, Course course, Path folder, List<String> program) {

    public Order {
        program = List.copyOf(program);
    }
}
