package io.mailgenius.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script that is in the repository, in a folder of its own, with JDKs and a Maven that only
 * tell what they were asked.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    private static final Path SCRIPT = Path.of("..", "mailgenius");

    private static final Path OPTIONS = Path.of("..", "jvm.options");

    private static final Path BENCH =
            Path.of(
                    "..",
                    "bench",
                    "src",
                    "main",
                    "java",
                    "io",
                    "mailgenius",
                    "bench",
                    "Bench.java");

    private static final String JAVA =
            """
            #!/bin/sh
            case "$*" in
                *-XshowSettings*) echo "    java.home = HOME" ;;
                -version) echo 'openjdk version "VERSION.0.1" 2025-10-21' ;;
                *jarmode*) mkdir -p "$6" && touch "$6/mailgenius-program.jar" ;;
                *) echo "HOME runs: $*" ;;
            esac
            """;

    @TempDir Path folder;
    private Path repository;
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void copy() throws IOException {
        folder = folder.toRealPath();
        repository = Files.createDirectory(folder.resolve("repository"));
        executable(repository.resolve("mailgenius"), Files.readString(SCRIPT));
        built("20260101000000");
        variables.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        variables.put("HOME", folder.toString());
        variables.put("JAVA_HOME", jdk("jdk", 25).toString());
    }

    /** A program that is newer than its sources, of which there are none. */
    private void built(String at) throws IOException {
        Path target = repository.resolve("api/target");
        Path program = Files.createDirectories(target.resolve("programs").resolve(at));
        if (!Files.exists(target.resolve("mailgenius-program.jar"))) {
            Files.createFile(target.resolve("mailgenius-program.jar"));
            Path bench = Files.createDirectories(repository.resolve("bench/target"));
            Files.createFile(bench.resolve("mailgenius-bench.jar"));
        }
        Files.createFile(program.resolve("mailgenius.jar"));
    }

    private Path jdk(String name, int version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        String java = JAVA.replace("HOME", home.toString());
        executable(home.resolve("bin/java"), java.replace("VERSION", version + ""));
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Told(int code, String out, String err) {}

    private Told launch(String... words) throws Exception {
        return launch(repository.resolve("mailgenius"), words);
    }

    private Told launch(Path script, String... words) throws Exception {
        ProcessBuilder bash =
                new ProcessBuilder(
                        Stream.concat(Stream.of("bash", script.toString()), Stream.of(words))
                                .toList());
        bash.environment().clear();
        bash.environment().putAll(variables);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process =
                bash.directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        boolean ends = process.waitFor(10, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ends).as("it ends").isTrue();
        return new Told(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Told runs(String... words) throws Exception {
        Told told = launch(words);
        assertThat(told.code()).as(told.err()).isZero();
        return told;
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "-h", "--help", ""})
    void help_names_every_command(String word) throws Exception {
        Told told = word.isEmpty() ? runs() : runs(word);

        assertThat(told.out()).startsWith("Usage: ./mailgenius <command>");
        assertThat(told.out().lines().filter(line -> line.matches(" {2}[a-z].*")).toList())
                .extracting(line -> line.strip().split(" ")[0])
                .contains(
                        "demo",
                        "serve",
                        "user",
                        "workspace",
                        "key",
                        "client",
                        "secrets",
                        "bench",
                        "test",
                        "fuzz",
                        "help");
        assertThat(told.err()).isEmpty();
    }

    @Test
    void help_names_every_benchmark() throws Exception {
        List<String> benchmarks =
                Pattern.compile("case \"([a-z]+)\" ->")
                        .matcher(Files.readString(BENCH))
                        .results()
                        .map(it -> it.group(1))
                        .toList();
        String help = runs("help").out();

        assertThat(benchmarks)
                .contains("send", "rate")
                .allSatisfy(it -> assertThat(help).containsPattern("bench .*\\b" + it + "\\b"));
    }

    @Test
    void a_command_that_there_is_not_is_refused_with_the_help() throws Exception {
        Told told = launch("srve");

        assertThat(told.code()).isEqualTo(2);
        assertThat(told.out()).isEmpty();
        assertThat(told.err())
                .startsWith("mailgenius: there is no command 'srve'.\nUsage: ./mailgenius");
    }

    @Test
    void a_folder_that_is_named_and_is_no_jdk_of_ours_is_refused() throws Exception {
        Path jre = jdk("jre", 25);
        Files.delete(jre.resolve("bin/javac"));

        for (Path named : List.of(folder.resolve("nowhere"), jre, jdk("old", 24))) {
            variables.put("MAILGENIUS_JAVA_HOME", named.toString());
            Told told = launch("serve");

            assertThat(told.code()).isEqualTo(1);
            assertThat(told.out()).isEmpty();
            assertThat(told.err())
                    .isEqualTo(
                            "mailgenius: MAILGENIUS_JAVA_HOME is %s, which is not a JDK 25 or newer.\n"
                                    .formatted(named));
        }
    }

    @Test
    void a_jdk_that_is_named_goes_before_all_others() throws Exception {
        Path newer = jdk("newer", 26);
        variables.put("MAILGENIUS_JAVA_HOME", newer.toString());

        assertThat(runs("serve").out()).startsWith(newer + " runs: ");
    }

    /** Both are looked at before the folders of this machine, of which nothing is known here. */
    @ParameterizedTest
    @CsvSource({"17, 25, path", "26, 25, path", "25, 17, home", "25, 26, home", "25, 25, home"})
    void the_first_jdk_of_the_version_that_is_wanted_is_taken(int home, int onPath, String taken)
            throws Exception {
        variables.put("JAVA_HOME", jdk("home", home).toString());
        variables.put("PATH", jdk("path", onPath).resolve("bin") + ":" + variables.get("PATH"));

        assertThat(runs("serve").out()).startsWith(folder.resolve(taken) + " runs: ");
    }

    @Test
    void what_a_jdk_says_of_itself_in_its_folder_is_believed() throws Exception {
        Path path = jdk("path", 17);
        Files.writeString(path.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        variables.put("JAVA_HOME", "");
        variables.put("PATH", path.resolve("bin") + ":" + variables.get("PATH"));

        assertThat(runs("serve").out()).startsWith(path + " runs: ");
    }

    /** A system that has no JDK: its tools, what it says of itself, and whose rights one has. */
    private Told launchWithoutJdk(String uname, String osRelease, String... tools)
            throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : List.of("bash", "dirname", "sed", "tr", "head", "readlink", "cat")) {
            Path real = Path.of("/usr/bin", tool);
            Files.createSymbolicLink(
                    bin.resolve(tool), Files.exists(real) ? real : Path.of("/bin", tool));
        }
        executable(bin.resolve("uname"), "#!/bin/sh\necho " + uname + "\n");
        executable(bin.resolve("id"), "#!/bin/sh\necho 1000\n");
        for (String tool : tools) {
            executable(bin.resolve(tool), "#!/bin/sh\nexit 0\n");
        }
        Path said = folder.resolve("os-release");
        if (!osRelease.isEmpty()) {
            Files.writeString(said, osRelease);
        }
        executable(
                repository.resolve("mailgenius"),
                Files.readString(SCRIPT)
                        .replace("os_release=/etc/os-release", "os_release=" + said)
                        .replaceAll(
                                "(?m)^( +)(/usr/lib/jvm|/opt|/usr/local|/Library)/", "$1/none/"));
        variables.put("PATH", bin.toString());
        variables.remove("JAVA_HOME");
        return launch("demo");
    }

    private static final String DEBIAN_12 =
            """
            PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
            VERSION_ID="12"
            VERSION_CODENAME=bookworm
            ID=debian
            """;

    private static final String DEBIAN_13 =
            """
            PRETTY_NAME="Debian GNU/Linux 13 (trixie)"
            VERSION_ID="13"
            VERSION_CODENAME=trixie
            ID=debian
            """;

    private static final String UBUNTU =
            """
            PRETTY_NAME="Ubuntu 24.04.3 LTS"
            VERSION_ID="24.04"
            VERSION_CODENAME=noble
            ID=ubuntu
            ID_LIKE=debian
            UBUNTU_CODENAME=noble
            """;

    private static final String MINT =
            """
            PRETTY_NAME="Linux Mint 22"
            VERSION_ID="22"
            VERSION_CODENAME=wilma
            ID=linuxmint
            ID_LIKE="ubuntu debian"
            UBUNTU_CODENAME=noble
            """;

    private static final String ROCKY =
            """
            PRETTY_NAME="Rocky Linux 9.7 (Blue Onyx)"
            ID="rocky"
            ID_LIKE="rhel centos fedora"
            """;

    private static Stream<Arguments> systems() {
        return Stream.of(
                arguments("Linux", DEBIAN_13, "sudo", "sudo apt install openjdk-25-jdk"),
                arguments("Linux", "ID=debian", "", "  apt update && apt install openjdk-25-jdk"),
                arguments("Linux", UBUNTU, "sudo", "sudo apt install openjdk-25-jdk"),
                arguments("Linux", DEBIAN_12, "apt-cache", "apt install openjdk-25-jdk"),
                arguments("Linux", DEBIAN_12, "", "adoptium.net/artifactory/deb bookworm main"),
                arguments("Linux", DEBIAN_12, "sudo", "sudo apt install temurin-25-jdk"),
                arguments("Linux", MINT, "", "adoptium.net/artifactory/deb noble main"),
                arguments("Linux", "ID=fedora", "dnf", "dnf install java-25-openjdk-devel"),
                arguments("Linux", ROCKY, "yum", "yum install java-25-openjdk-devel"),
                arguments("Linux", "ID=alpine", "", "apk add openjdk25"),
                arguments("Linux", "ID=arch", "", "pacman -S jdk25-openjdk"),
                arguments(
                        "Linux", "ID=opensuse-leap\nID_LIKE='suse'", "", "zypper install java-25"),
                arguments(
                        "Linux", "ID=\"amzn\"\nID_LIKE=\"fedora\"", "", "java-25-amazon-corretto"),
                arguments("Linux", "", "", "https://adoptium.net"),
                arguments("Linux", "ID=nixos", "", "https://adoptium.net"),
                arguments("Darwin", "", "brew", "brew install --cask temurin@25"),
                arguments("Darwin", "", "", "https://brew.sh"),
                arguments("MINGW64_NT-10.0", "", "", "winget install EclipseAdoptium.Temurin.25"));
    }

    @ParameterizedTest
    @MethodSource("systems")
    void without_a_jdk_it_says_how_to_get_one_on_this_system(
            String uname, String osRelease, String tool, String command) throws Exception {
        Told told =
                launchWithoutJdk(
                        uname, osRelease, tool.isEmpty() ? new String[0] : new String[] {tool});

        assertThat(told.code()).isEqualTo(1);
        assertThat(told.out()).isEmpty();
        assertThat(told.err())
                .startsWith(
                        "mailgenius: a JDK 25 or newer (with javac) is needed, and none was found.\n")
                .contains(command, "curl -s https://get.sdkman.io", "sdk install java 25-tem")
                .contains("MAILGENIUS_JAVA_HOME=/path/to/jdk")
                .doesNotContain("not found", "No such file");
        assertThat(told.err().contains("sudo")).isEqualTo(tool.equals("sudo"));
    }

    @Test
    void an_old_jdk_is_named_beside_how_to_get_a_new_one() throws Exception {
        Path old = jdk("old", 17);
        Path jre = jdk("jre", 25);
        Files.delete(jre.resolve("bin/javac"));
        Path jdks = Files.createDirectories(folder.resolve(".jdks"));
        Files.createSymbolicLink(jdks.resolve("old"), old);
        Files.createSymbolicLink(jdks.resolve("jre"), jre);
        Files.createDirectories(folder.resolve(".sdkman/candidates"));

        String told = launchWithoutJdk("Linux", UBUNTU).err();

        assertThat(told)
                .contains("/old is a JDK 17\n", "/jre has no javac")
                .contains("sdk install java 25-tem")
                .doesNotContain("get.sdkman.io");
    }

    @ParameterizedTest
    @CsvSource({
        "1, '', -XX:+UseSerialGC -Xms176m -Xmn64m",
        "4, '', -XX:+UseSerialGC -Xms176m -Xmn64m",
        "5, '', -XX:+UseParallelGC",
        "none, '', -XX:+UseSerialGC -Xms176m -Xmn64m",
        "2, -Xss1m, -XX:+UseSerialGC -Xms176m -Xmn64m -Xss1m",
        "2, -Xmx128m, -XX:+UseSerialGC -Xmx128m",
        "2, -XX:MaxHeapSize=128m, -XX:+UseSerialGC -XX:MaxHeapSize=128m",
        "8, -Xmx1g, -XX:+UseParallelGC -Xmx1g",
        "2, -Xmx1g -XX:+UseParallelGC, -Xmx1g -XX:+UseParallelGC",
        "8, -Xmx1g -XX:+UseSerialGC, -Xmx1g -XX:+UseSerialGC",
        "2, -XX:+UseG1GC -Xss1m, -XX:+UseG1GC -Xss1m",
        "8, -XX:+UseStringDeduplication, -XX:+UseParallelGC -XX:+UseStringDeduplication"
    })
    void a_collector_and_sizes_that_are_named_replace_ours(
            String cores, String options, String taken) throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        executable(
                tools.resolve("getconf"),
                cores.equals("none") ? "#!/bin/sh\nexit 1\n" : "#!/bin/sh\necho " + cores + "\n");
        variables.put("PATH", tools + ":" + variables.get("PATH"));
        variables.put("MAILGENIUS_JAVA_OPTS", options);

        String command = runs("serve").out();

        List<String> before = List.of(command.substring(0, command.indexOf(" -jar ")).split(" "));
        assertThat(
                        before.stream()
                                .filter(
                                        it ->
                                                it.matches(
                                                        "-XX:\\+Use.*GC|-Xm.*|-Xss.*|.*HeapSize=.*|.*Dedup.*")))
                .containsExactly(taken.split(" "));
    }

    @Test
    void large_pages_are_asked_for_where_the_system_has_them() throws Exception {
        Path file = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        boolean has = Files.exists(file) && !Files.readString(file).contains("[never]");

        String command = runs("serve").out();

        assertThat(command.contains(" -XX:+UseTransparentHugePages ")).isEqualTo(has);
    }

    @Test
    void what_holds_everywhere_is_read_from_the_file_and_stands_nowhere_else() throws Exception {
        String command = runs("serve").out();
        String image = Files.readString(Path.of("..", "Dockerfile"));

        assertThat(command).contains(" runs: @jvm.options ");
        assertThat(image)
                .contains("COPY jvm.options /opt/mailgenius/jvm.options")
                .contains("exec java @/opt/mailgenius/jvm.options $pages $MAILGENIUS_JAVA_OPTS");
        List<String> options =
                Files.readAllLines(OPTIONS).stream()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .toList();
        assertThat(options).hasSizeGreaterThan(5).doesNotHaveDuplicates();
        // The others are for Maven as well.
        assertThat(options.stream().filter(option -> option.matches("-[XD].*")))
                .allSatisfy(
                        option ->
                                assertThat(Files.readString(SCRIPT) + image)
                                        .doesNotContain(option.split("=")[0]));
    }

    @Test
    void the_jvm_takes_the_file_and_what_is_named_behind_it_goes_before() throws Exception {
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "@" + OPTIONS,
                                "-XX:MaxInlineLevel=9",
                                "-XX:+PrintFlagsFinal",
                                "-version")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(java.waitFor()).as(said).isZero();
        assertThat(said)
                .containsPattern("InlineSmallCode +=  *1000 ")
                .containsPattern("MaxInlineLevel +=  *9 ")
                .containsPattern("UseCompactObjectHeaders +=  *true ")
                .doesNotContain("warning");
    }

    @Test
    void the_newest_program_is_started_with_all_that_was_said_wherever_one_stands()
            throws Exception {
        built("20260102000000");
        built("20251231000000");
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, Path.of("repository", "mailgenius"));

        assertThat(launch(link, "bench", "send", "--recipients=5").out().strip())
                .endsWith(
                        "-cp api/target/programs/20260102000000/mailgenius.jar"
                                + ":bench/target/mailgenius-bench.jar"
                                + " io.mailgenius.bench.Bench send --recipients=5");
        assertThat(launch(link, "demo", "--exit").out().strip())
                .endsWith("-jar api/target/programs/20260102000000/mailgenius.jar demo --exit");
        assertThat(launch(link, "user", "list", "--workspace=1").out().strip())
                .endsWith("/mailgenius.jar user list --workspace=1");
        assertThat(launch(link, "secrets", "rotate").out().strip())
                .endsWith("-jar api/target/programs/20260102000000/mailgenius.jar secrets rotate");
    }

    @Test
    void a_program_that_is_older_than_its_sources_is_built_with_the_jdk_that_was_found()
            throws Exception {
        Path jar = repository.resolve("api/target/mailgenius-program.jar");
        Files.delete(jar);
        executable(
                repository.resolve("mvnw"),
                "#!/bin/sh\necho \"$JAVA_HOME: $*\" > asked\ntouch api/target/mailgenius-program.jar\n");
        Files.createDirectory(repository.resolve(".mvn"));

        Told told = runs("serve");

        assertThat(repository.resolve("asked"))
                .hasContent(folder.resolve("jdk") + ": -q -DskipTests package");
        assertThat(told.out()).doesNotContain("20260101000000").endsWith("mailgenius.jar serve\n");
        assertThat(repository.resolve(".mvn")).isEmptyDirectory();
    }

    @Test
    void a_build_that_fails_says_why_and_leaves_no_lock() throws Exception {
        Files.delete(repository.resolve("api/target/mailgenius-program.jar"));
        executable(repository.resolve("mvnw"), "#!/bin/sh\necho 'No semicolon'\nexit 1\n");
        Files.createDirectory(repository.resolve(".mvn"));

        Told told = launch("serve");

        assertThat(told.code()).isEqualTo(1);
        assertThat(told.err()).contains("No semicolon\n", "the build failed", "build.log");
        assertThat(told.out()).isEmpty();
        assertThat(repository.resolve(".mvn")).isEmptyDirectory();
    }

    @Test
    void maven_gets_the_words_behind_test() throws Exception {
        executable(repository.resolve("mvnw"), "#!/bin/sh\necho \"$JAVA_HOME: $*\"\n");

        assertThat(runs("test", "-Dtest=DocsTest", "-q").out())
                .isEqualTo(folder.resolve("jdk") + ": verify -Dtest=DocsTest -q\n");
    }

    @Test
    void fuzz_is_a_script_of_its_own() throws Exception {
        Files.createDirectories(repository.resolve(".ci"));
        executable(repository.resolve(".ci/fuzz"), "#!/bin/sh\necho \"fuzz: $*\"\nexit 3\n");

        Told told = launch("fuzz", "--seed=7");

        assertThat(told.out()).isEqualTo("fuzz: --seed=7\n");
        assertThat(told.code()).isEqualTo(3);
    }

    @Test
    void shellcheck_finds_nothing_where_it_is_installed() throws Exception {
        try {
            Process shellcheck =
                    new ProcessBuilder("shellcheck", SCRIPT.toString())
                            .redirectErrorStream(true)
                            .start();
            String found =
                    new String(shellcheck.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shellcheck.waitFor()).as(found).isZero();
        } catch (IOException notInstalled) {
            assertThat(notInstalled).hasMessageContaining("shellcheck");
        }
    }
}
