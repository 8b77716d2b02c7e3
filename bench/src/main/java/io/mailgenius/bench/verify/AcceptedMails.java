package io.mailgenius.bench.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A file with a line per mail that the provider accepted: key, tab, address. */
public final class AcceptedMails implements AutoCloseable {

    private final Writer out;

    public AcceptedMails(Path file) throws IOException {
        out =
                Files.newBufferedWriter(
                        file,
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
    }

    public synchronized void add(String key, List<String> addresses) {
        try {
            for (String address : addresses) {
                out.append(key).append('\t').append(address).append('\n');
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The recipients of all mails, one entry per mail. */
    public static List<String> addresses(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.substring(line.indexOf('\t') + 1)).toList();
        }
    }

    /** The same for keys with this prefix. */
    static List<String> addresses(Path file, String keysBeginWith) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(keysBeginWith))
                    .map(line -> line.substring(line.indexOf('\t') + 1))
                    .toList();
        }
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
