package io.mailgenius.api.uploads;

import io.mailgenius.api.problems.StorableText;
import io.mailgenius.jobs.imports.storage.Arrival;
import io.mailgenius.jobs.workspaces.Refusal;
import io.mailgenius.jobs.workspaces.Usage;
import io.mailgenius.schema.WorkspaceScope;
import jakarta.annotation.PreDestroy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import me.desair.tus.server.TusFileUploadService;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.upload.UploadInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Files that come in pieces, until they are imported. They lie in the shared folder, so that a
 * piece may go to another node than the one before it; what nobody continues for a day is thrown
 * away.
 */
@Component
public class Uploads {

    static final String PATH = "/api/v1/uploads";

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
    private static final long LARGEST = 10L << 30;
    private static final Duration KEPT = Duration.ofDays(1);

    private final Path folder;
    private final TusFileUploadService tus;
    private final Usage usage;
    private final ScheduledExecutorService sweeping =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("uploads-sweep").factory());

    Uploads(
            @Value("${mailgenius.shared-dir:${mailgenius.data-dir:./data}}") Path sharedDir,
            Usage usage) {
        this.usage = usage;
        folder = sharedDir.resolve("uploads/parts").toAbsolutePath();
        tus =
                new TusFileUploadService()
                        .withUploadUri(PATH)
                        .withStoragePath(folder.toString())
                        .withMaxUploadSize(LARGEST)
                        .withUploadExpirationPeriod(KEPT.toMillis());
        sweeping.scheduleWithFixedDelay(this::sweep, 1, 60, TimeUnit.MINUTES);
    }

    private void sweep() {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            tus.cleanup();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Uploads that nobody continues could not be thrown away", e);
        }
    }

    /**
     * Whatever the protocol asks, by the method that the request has: who may read is let in by it,
     * and must not delete by a header that says so.
     */
    void process(HttpServletRequest request, HttpServletResponse response) throws IOException {
        tus.process(new OwnMethod(request), response, owner());
        if (request.getMethod().equals("DELETE") && response.getStatus() < 300) {
            usage.endUpload(lastStep(request.getRequestURI()));
        }
    }

    /**
     * Announces a file.
     *
     * @throws Refusal.Conflict {@code storage-limit-reached}
     */
    void announce(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String announced = "announced-" + UUID.randomUUID();
        usage.announceUpload(announced, length(request));
        String key = null;
        try {
            process(request, response);
            String location = response.getHeader("Location");
            key = location == null ? null : lastStep(location);
        } finally {
            if (key == null) {
                usage.endUpload(announced);
            } else {
                usage.nameUpload(announced, key);
            }
        }
    }

    /** What cannot be read is refused by the protocol. */
    private static long length(HttpServletRequest request) {
        try {
            return Math.clamp(
                    Long.parseLong(Objects.toString(request.getHeader("Upload-Length"), "0")),
                    0,
                    LARGEST);
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }

    private static String lastStep(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static final class OwnMethod extends HttpServletRequestWrapper {

        private static final String OVERRIDE = "X-HTTP-Method-Override";

        OwnMethod(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return OVERRIDE.equalsIgnoreCase(name) ? null : super.getHeader(name);
        }
    }

    /** A file that has arrived whole. It is there until it is dropped. */
    public final class Arrived {

        private final String id;
        private final UploadInfo info;

        private Arrived(String id, UploadInfo info) {
            this.id = id;
            this.info = info;
        }

        public String fileName() {
            return name(info);
        }

        /** Its place is the import's from now on; an import that is refused gives it back. */
        public <R> R handedOver(Supplier<R> work) {
            usage.endUpload(id);
            boolean taken = false;
            try {
                R made = work.get();
                taken = true;
                return made;
            } finally {
                if (!taken) {
                    usage.keepUpload(id, info.getLength());
                }
            }
        }

        public InputStream open() throws IOException {
            try {
                return tus.getUploadedBytes(uri(id), owner());
            } catch (TusException gone) {
                throw new Refusal.NotFound("upload", id);
            }
        }

        /** By a link where the bytes lie where the library writes them today, else by a copy. */
        public Arrival content() {
            Path data = folder.resolve("uploads").resolve(info.getId().toString()).resolve("data");
            if (Files.isRegularFile(data) && data.toFile().length() == info.getLength()) {
                return Arrival.of(data);
            }
            return target -> {
                try (InputStream in = open()) {
                    Files.copy(in, target);
                }
            };
        }
    }

    /**
     * @throws Refusal.NotFound if this workspace has no such upload, or it was thrown away
     * @throws Refusal.Conflict if it has not arrived whole
     */
    public Arrived find(String id) {
        try {
            UploadInfo info = tus.getUploadInfo(uri(id), owner());
            if (info == null) {
                throw new Refusal.NotFound("upload", id);
            }
            if (info.isUploadInProgress()) {
                throw new Refusal.Conflict(
                        "upload-is-not-whole",
                        "Of upload %s %,d of %,d bytes have arrived: send the rest first."
                                .formatted(id, info.getOffset(), info.getLength()));
            }
            return new Arrived(id, info);
        } catch (TusException gone) {
            throw new Refusal.NotFound("upload", id);
        } catch (IOException e) {
            throw new UncheckedIOException("The upload cannot be read", e);
        }
    }

    private static String name(UploadInfo info) {
        String name = info.getMetadata().getOrDefault("filename", info.getMetadata().get("name"));
        return name == null || name.isBlank()
                ? "upload"
                : StorableText.require("The name of the file", name);
    }

    /** It was imported and is kept elsewhere. */
    public void drop(String id) {
        try {
            tus.deleteUpload(uri(id), owner());
            usage.endUpload(id);
        } catch (TusException | IOException e) {
            LOG.warn("Upload {} is of no use any more and could not be thrown away yet", id, e);
        }
    }

    private static String uri(String id) {
        if (!id.matches("[A-Za-z0-9-]{1,64}")) {
            throw new Refusal.NotFound("upload", id);
        }
        return PATH + "/" + id;
    }

    private static String owner() {
        return Long.toString(WorkspaceScope.required());
    }

    @PreDestroy
    void stop() {
        sweeping.shutdownNow();
    }
}
