package io.mailgenius.api.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.demo.FreshFolder.Prepared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshFolderTest {

    @TempDir Path here;

    private static FreshFolder prepared(Path folder) throws IOException {
        return switch (FreshFolder.prepare(folder)) {
            case Prepared.Ready(FreshFolder ready) -> ready;
            case Prepared.Refused(String complaint) -> throw new AssertionError(complaint);
        };
    }

    private static void used(FreshFolder folder) throws IOException {
        Files.createDirectories(folder.path().resolve("postgresql/base"));
        Files.writeString(folder.path().resolve("postgresql/base/1"), "a table");
        Files.writeString(folder.log(), "a line");
    }

    @Test
    void created_parent_folders_are_deleted_too() throws IOException {
        FreshFolder folder = prepared(here.resolve("data/demo"));
        used(folder);

        folder.delete();

        assertThat(here).isEmptyDirectory();
    }

    @Test
    void other_files_are_kept() throws IOException {
        FreshFolder folder = prepared(here.resolve("data/demo"));
        used(folder);
        Files.createDirectory(here.resolve("data/bench"));

        folder.delete();

        assertThat(here.resolve("data")).isDirectoryContaining(it -> it.endsWith("bench"));
        assertThat(here.resolve("data/demo")).doesNotExist();
    }

    @Test
    void an_existing_folder_is_emptied_and_kept() throws IOException {
        Path given = Files.createDirectories(here.resolve("given/empty"));
        FreshFolder folder = prepared(given);
        used(folder);

        folder.delete();

        assertThat(given).isEmptyDirectory();
    }

    @Test
    void the_log_is_kept_until_the_next_demo_starts() throws IOException {
        Path path = here.resolve("demo");
        FreshFolder folder = prepared(path);
        used(folder);

        folder.deleteAllButLog();
        assertThat(folder.log()).hasContent("a line");
        assertThat(path.resolve("postgresql")).doesNotExist();

        folder.release();
        FreshFolder next = prepared(path);
        assertThat(next.log()).doesNotExist();

        next.delete();
        assertThat(here).isEmptyDirectory();
    }

    @Test
    void a_folder_that_is_not_an_old_demo_is_not_changed() throws IOException {
        Path mine = Files.createFile(here.resolve("mine"));

        assertThat(FreshFolder.prepare(here)).isInstanceOf(Prepared.Refused.class);
        assertThat(mine).exists();
        assertThat(here).isDirectoryNotContaining(it -> !it.equals(mine));
    }
}
