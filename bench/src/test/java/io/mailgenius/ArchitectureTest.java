package io.mailgenius;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom. From here all modules are in sight. */
class ArchitectureTest {

    private static final String ROOT = "io.mailgenius.";

    /** A module imports only what stands left of it. */
    static final List<String> MODULES =
            List.of("schema", "engine", "console", "jobs", "api", "bench");

    /** A package of the module jobs imports only what stands left of it. */
    static final List<String> LINE =
            List.of(
                    "secrets",
                    "workspaces",
                    "audit",
                    "clients",
                    "contacts",
                    "activities",
                    "imports",
                    "rules",
                    "search",
                    "segments",
                    "templates",
                    "providers",
                    "people",
                    "campaigns",
                    "delivery",
                    "forms",
                    "events",
                    "mails",
                    "endpoints",
                    "analytics",
                    "privacy",
                    "offboarding",
                    "alerts");

    private static final JavaClasses CODE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    // The fixtures of the other modules, once they are packaged.
                    .withImportOption(location -> !location.contains("-tests.jar"))
                    .importPackages("io.mailgenius");

    @Test
    void no_module_is_out_of_sight() {
        assertThat(MODULES).allSatisfy(module -> assertThat(classesIn(module)).isNotEmpty());
    }

    private static List<JavaClass> classesIn(String module) {
        return CODE.stream().filter(it -> it.getPackageName().startsWith(ROOT + module)).toList();
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void a_module_imports_only_what_stands_left_of_it(String module) {
        noClasses()
                .that()
                .resideInAPackage(within(module))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rightOf(module, MODULES, ""))
                .because(reason("modules", MODULES))
                .check(CODE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema", "engine", "console", "jobs"})
    void the_packages_of_a_module_have_no_cycles(String module) {
        slices().matching(ROOT + module + ".(**)")
                .should()
                .beFreeOfCycles()
                .because(
                        "what belongs together stands in one package, and the rest has a direction")
                .check(CODE);
    }

    @Test
    void a_simple_name_of_a_class_occurs_once() {
        Map<String, List<String>> byName =
                CODE.stream()
                        .filter(it -> it.getEnclosingClass().isEmpty())
                        .filter(it -> !it.getSimpleName().equals("package-info"))
                        .collect(
                                Collectors.groupingBy(
                                        JavaClass::getSimpleName,
                                        TreeMap::new,
                                        Collectors.mapping(
                                                JavaClass::getName, Collectors.toList())));
        byName.values().removeIf(names -> names.size() == 1);
        assertThat(byName).as("simple names that several classes have").isEmpty();
    }

    /** Records are data and may have more. */
    @Test
    void no_constructor_has_more_than_eight_parameters() {
        List<String> tooMany =
                CODE.stream()
                        .filter(it -> !it.isRecord() && !it.isEnum())
                        .flatMap(it -> it.getConstructors().stream())
                        .filter(it -> it.getRawParameterTypes().size() > 8)
                        .map(it -> it.getFullName())
                        .toList();

        assertThat(tooMany)
                .as("a class with so many parts does more than one thing: split it")
                .isEmpty();
    }

    @ParameterizedTest
    @FieldSource("LINE")
    void a_package_of_jobs_imports_only_what_stands_left_of_it(String noun) {
        noClasses()
                .that()
                .resideInAPackage(within("jobs." + noun))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rightOf(noun, LINE, "jobs."))
                .because(reason("packages", LINE))
                .allowEmptyShould(true)
                .check(CODE);
    }

    private static String within(String name) {
        return ROOT + name + "..";
    }

    private static String[] rightOf(String name, List<String> line, String prefix) {
        return line.subList(line.indexOf(name) + 1, line.size()).stream()
                .map(later -> within(prefix + later))
                .toArray(String[]::new);
    }

    private static String reason(String what, List<String> line) {
        return "the line of %s is \"%s\", and each imports only what stands left of it"
                .formatted(what, String.join(" ", line));
    }

    @Test
    void every_package_of_jobs_stands_on_the_line() {
        Set<String> nouns =
                classesIn("jobs").stream()
                        .map(it -> it.getPackageName().split("\\."))
                        .map(steps -> steps.length > 3 ? steps[3] : "(none)")
                        .collect(Collectors.toSet());
        assertThat(LINE).as("the line of packages").containsAll(nouns);
    }

    /**
     * So that an application without mails can mount it, and a worker without pages has no HTTP.
     */
    @Test
    void the_console_and_the_jobs_do_not_know_each_other() {
        noClasses()
                .that()
                .resideInAPackage(within("jobs"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(within("console"))
                .because("the console stands on the engine alone, and jobs have no pages")
                .check(CODE);
    }

    @Test
    void the_api_and_the_console_ask_the_database_nothing() {
        noClasses()
                .that()
                .resideInAnyPackage(within("api"), within("console"))
                .and()
                .resideOutsideOfPackage(within("api.node"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..")
                .because(
                        "SQL stands in jobs and engine; only api.node, which starts databases,"
                                + " holds a DataSource")
                .check(CODE);
        noClasses()
                .that()
                .resideInAnyPackage(within("api"), within("console"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.jdbc..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.sql\\.(Connection|.*Statement|ResultSet)")
                .because("what starts a database asks it nothing either")
                .check(CODE);
    }

    @Test
    void http_ends_at_the_api() {
        noClasses()
                .that()
                .resideInAnyPackage(within("schema"), within("engine"), within("jobs"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "jakarta.servlet..",
                        "org.springframework.web..",
                        "org.springframework.http..")
                .because("how it is reached is the api's matter alone")
                .check(CODE);
    }

    @Test
    void packages_are_named_by_what_they_are_about() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..common..",
                        "..util..",
                        "..service..",
                        "..dto..",
                        "..impl..",
                        "..model..",
                        "..config..")
                .because("a newcomer who knows the noun finds the code")
                .check(CODE);
    }

    @Test
    void the_engine_does_not_know_what_the_work_is_about() {
        noClasses()
                .that()
                .resideInAPackage(within("engine"))
                .should()
                .haveNameMatching(".*\\.[^.]*(?i:mail|campaign|contact)[^.]*")
                .because("the engine spreads work of any kind")
                .check(CODE);
    }
}
