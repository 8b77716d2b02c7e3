package io.mailgenius.jobs.imports;

import io.mailgenius.jobs.imports.columns.ImportOptions;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A file as somebody may have it, and what has to become of it.
 *
 * @param problem with which it is refused as a whole, or null if it is taken
 */
record AwkwardFile(
        String name,
        byte[] bytes,
        ImportOptions options,
        String problem,
        ImportView.Rows rows,
        List<Has> has,
        List<String> rejects) {

    /** A contact that is there afterwards, and what one of its columns holds. */
    record Has(String email, String column, String value) {}

    static AwkwardFile text(String name, String content) {
        return bytes(name, content.getBytes(StandardCharsets.UTF_8));
    }

    static AwkwardFile text(String name, Charset charset, String content) {
        return bytes(name, content.getBytes(charset));
    }

    static AwkwardFile bytes(String name, byte[] bytes) {
        return new AwkwardFile(
                name, bytes, ImportOptions.DEFAULT, null, null, new ArrayList<>(), List.of());
    }

    AwkwardFile with(String json) {
        return new AwkwardFile(name, bytes, OptionsOfTests.of(json), problem, rows, has, rejects);
    }

    /** It makes these contacts, and every other row is rejected. */
    AwkwardFile creates(long created, long rejected) {
        return comesTo(created + rejected, created, 0, rejected);
    }

    AwkwardFile comesTo(long read, long created, long duplicate, long rejected) {
        return new AwkwardFile(
                name,
                bytes,
                options,
                null,
                new ImportView.Rows(read, created, 0, 0, duplicate, rejected),
                has,
                rejects);
    }

    AwkwardFile isRefused(String why) {
        return new AwkwardFile(name, bytes, options, why, null, has, rejects);
    }

    AwkwardFile has(String email, String column, String value) {
        List<Has> more = new ArrayList<>(has);
        more.add(new Has(email, column, value));
        return new AwkwardFile(name, bytes, options, problem, rows, more, rejects);
    }

    /** Lines of the file of rejects, from their beginning. */
    AwkwardFile rejects(String... beginnings) {
        return new AwkwardFile(name, bytes, options, problem, rows, has, List.of(beginnings));
    }

    @Override
    public String toString() {
        return name;
    }
}
