package io.mailgenius.schema.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Folders and files that no other user of the machine can prepare, read or change. */
public final class PrivateFolder {

    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    private PrivateFolder() {}

    /**
     * Where the binaries of PostgreSQL are unpacked: once for each user, because they take 50 MB,
     * in the user's home; in the data folder if the home cannot be used. It is within a private
     * folder, because the library that unpacks them lets everybody write to the folder itself.
     */
    static Path ofBinaries(Path folder) throws IOException {
        Path home = Path.of(System.getProperty("user.home"));
        if (home.isAbsolute() && Files.isDirectory(home) && Files.isWritable(home)) {
            try {
                return unpacked(made(home.resolve(".cache/mailgenius/postgresql")));
            } catch (IOException notOurs) {
                // The data folder is taken instead.
            }
        }
        return unpacked(made(folder.toAbsolutePath().resolve("binaries")));
    }

    private static Path unpacked(Path folder) throws IOException {
        return Files.createDirectories(folder.resolve("unpacked"));
    }

    /**
     * @throws IOException if it cannot be created, or belongs to or admits another user
     */
    static Path made(Path folder) throws IOException {
        if (!posix()) {
            return Files.createDirectories(folder);
        }
        Files.createDirectories(folder.getParent());
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(folder, permissions("rwx------"));
            } catch (FileAlreadyExistsException another) {
                // A node that started at the same moment made it; it is checked below.
            }
        }
        PosixFileAttributes made =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Path probe = Files.createTempFile(folder, "owner", null);
        boolean ours = Files.getOwner(probe).equals(made.owner());
        Files.delete(probe);
        if (!made.isDirectory()
                || !ours
                || made.permissions().stream().anyMatch(OTHERS::contains)) {
            throw new IOException(folder + " is not private to the user of this process");
        }
        return folder;
    }

    /** Writes a new file that only this user can read. */
    public static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        if (posix()) {
            Files.createFile(file, permissions("rw-------"));
        }
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE);
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    private static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
