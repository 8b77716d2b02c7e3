package io.mailgenius.schema;

import org.testcontainers.DockerClientFactory;

/** Whether tests use containers: if requested, and if a Docker engine is available. */
public final class Containers {

    private static final boolean WANTED =
            Boolean.parseBoolean(System.getenv("MAILGENIUS_TEST_CONTAINERS")) && engineAnswers();

    private Containers() {}

    public static boolean wanted() {
        return WANTED;
    }

    private static boolean engineAnswers() {
        boolean answers = DockerClientFactory.instance().isDockerAvailable();
        if (!answers) {
            System.err.println(
                    "MAILGENIUS_TEST_CONTAINERS is set, but no Docker engine is available; tests use embedded servers");
        }
        return answers;
    }
}
