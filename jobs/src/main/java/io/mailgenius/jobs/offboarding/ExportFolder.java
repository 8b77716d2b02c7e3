package io.mailgenius.jobs.offboarding;

import io.mailgenius.schema.WorkspaceScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The files of exports, in a folder that all nodes share. A file has its name when it is whole;
 * each attempt writes one of its own, and whatever a killed node leaves is deleted with the export.
 */
@Component
final class ExportFolder {

    private static final int ATTEMPTS = 10;

    private final Path folder;

    ExportFolder(@Value("${mailgenius.shared-dir:${mailgenius.data-dir:./data}}") Path sharedDir) {
        folder = sharedDir.resolve("exports").toAbsolutePath();
    }

    private Path of(long exportId) {
        return ofWorkspace().resolve(Long.toString(exportId));
    }

    private Path ofWorkspace() {
        return folder.resolve(Long.toString(WorkspaceScope.required()));
    }

    Path file(long exportId, String name) {
        return of(exportId).resolve(name);
    }

    /** Whole files with this ending, by name. */
    List<Path> files(long exportId, String ending) throws IOException {
        try (Stream<Path> found = Files.list(of(exportId))) {
            return found.filter(it -> it.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** Where this attempt writes. */
    Path attempt(long exportId, String name, int attempt) throws IOException {
        Files.createDirectories(of(exportId));
        return file(exportId, name + "." + attempt + ".part");
    }

    void complete(long exportId, String name, Path written) throws IOException {
        Files.move(
                written,
                file(exportId, name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** All but the file with this name. */
    void deleteOthers(long exportId, String kept) {
        delete(of(exportId), of(exportId).resolve(kept));
    }

    void delete(long exportId) {
        delete(of(exportId), null);
    }

    void deleteAll() {
        delete(ofWorkspace(), null);
    }

    /** Again while somebody writes: a node that lost its chunk notices it after a part. */
    private static void delete(Path root, @Nullable Path kept) {
        for (int attempt = 1; Files.exists(root); attempt++) {
            try {
                deleteWhatIsThere(root, kept);
                return;
            } catch (DirectoryNotEmptyException e) {
                if (attempt == ATTEMPTS) {
                    throw new UncheckedIOException("Files of an export are still written", e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Files of an export cannot be deleted", e);
            }
        }
    }

    private static void deleteWhatIsThere(Path root, @Nullable Path kept) throws IOException {
        try (Stream<Path> found = Files.walk(root)) {
            List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                if (kept == null || !kept.startsWith(path)) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
