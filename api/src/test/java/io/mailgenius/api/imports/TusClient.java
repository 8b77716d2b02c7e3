package io.mailgenius.api.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real tus-js-client in a process of its own, where there are node, npm and a registry. */
final class TusClient {

    private static final String VERSION = "4.3.1";
    private static final Path SCRIPT = Path.of("src/test/js/upload.cjs").toAbsolutePath();

    private final Path folder;
    private final Path file;
    private final Path url;

    private TusClient(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("people.csv");
        this.url = folder.resolve("upload.url");
    }

    static TusClient installed(Path parent) throws Exception {
        Path folder = Files.createDirectories(parent.resolve("tus-client"));
        Files.writeString(folder.resolve("package.json"), "{\"private\": true}");
        boolean installed = false;
        try {
            installed =
                    run(
                                            folder,
                                            List.of(
                                                    "npm",
                                                    "install",
                                                    "--no-audit",
                                                    "--no-fund",
                                                    "tus-js-client@" + VERSION))
                                    .exit()
                            == 0;
        } catch (IOException noNpm) {
            // Then the client that is written by hand has to do.
        }
        assumeTrue(installed, "tus-js-client cannot be installed here");
        return new TusClient(folder);
    }

    Path file(long rows) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("email,nome,cidade,plan\n");
            for (long n = 0; n < rows; n++) {
                out.write(
                        "person"
                                + n
                                + "@example.com,Name of "
                                + n
                                + ",Some town or other,plan"
                                + n % 3
                                + "\n");
            }
        }
        return file;
    }

    void killedAfter(long bytes, String endpoint, String key) throws Exception {
        assertThat(upload(bytes, endpoint, key).exit()).isNotZero();
    }

    /** Where it began this time. */
    long goesOn(String endpoint, String key) throws Exception {
        Ran ran = upload(0, endpoint, key);
        assertThat(ran.exit()).as(ran.said()).isZero();
        return Long.parseLong(ran.said().strip().replace("began at ", ""));
    }

    private Ran upload(long dieAfter, String endpoint, String key) throws Exception {
        return run(
                folder,
                List.of(
                        "node",
                        SCRIPT.toString(),
                        folder.toString(),
                        endpoint,
                        key,
                        file.toString(),
                        url.toString(),
                        Long.toString(dieAfter)));
    }

    String upload() throws IOException {
        String location = Files.readString(url);
        return location.substring(location.lastIndexOf('/') + 1);
    }

    static String sha256(Path file) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private record Ran(int exit, String said) {}

    private static Ran run(Path folder, List<String> command) throws Exception {
        Path said = Files.createTempFile(folder, "said", ".log");
        Process process =
                new ProcessBuilder(new ArrayList<>(command))
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("It does not end: " + command);
        }
        return new Ran(process.exitValue(), Files.readString(said, StandardCharsets.UTF_8));
    }
}
