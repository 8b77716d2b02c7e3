package io.mailgenius.api;

import io.mailgenius.api.demo.Demo;
import io.mailgenius.api.node.AccessCommand;
import io.mailgenius.api.node.Node;
import io.mailgenius.api.node.NodeSettings;
import io.mailgenius.api.node.SecretsCommand;
import io.mailgenius.api.node.SettingRefused;
import io.mailgenius.schema.JvmDefaults;
import java.util.List;

/** The main class: the first argument is the command to run. */
public final class MailGenius {

    private static final String USAGE =
            """
            Usage: mailgenius <command>

              demo [--exit] [--contacts=N]   show it all once, on this machine
              serve                          start a node with the settings of the environment
              secrets status|rotate [tokens|signing]
                                             which keys encrypt secrets and sign links and tokens; new ones
              secrets revoke signing         replace the keys that sign tokens, at once
              user …                         people: list, invite, reset, disable
              workspace …                    workspaces: list, create, rename, suspend, resume
              key …                          API keys: list, create, rotate, revoke
              client …                       OAuth clients: list, create, revoke
            Benchmarks are a program of their own: ./mailgenius bench.\
            """;

    static final int REFUSED = 2;

    private MailGenius() {}

    public static void main(String[] arguments) throws Exception {
        JvmDefaults.fix();
        OldGeneration.collectBeforeItGrows();
        int code;
        try {
            code = run(List.of(arguments));
        } catch (SettingRefused refused) {
            System.err.println(refused.getMessage());
            code = REFUSED;
        }
        if (code >= 0) {
            System.exit(code);
        }
    }

    /** Returns the exit code, or {@link Demo#STAYS} for a process that runs until it is stopped. */
    private static int run(List<String> arguments) throws Exception {
        String command = arguments.isEmpty() ? "" : arguments.getFirst();
        List<String> options = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        return switch (command) {
            case "serve" -> options.isEmpty() ? serve() : usage("serve takes no options.");
            case "demo" -> Demo.run(options, System.getenv());
            case "secrets" ->
                    SecretsCommand.run(options, NodeSettings.from(System.getenv()), System.out);
            case "user", "workspace", "key", "client" ->
                    AccessCommand.run(
                            command, options, NodeSettings.from(System.getenv()), System.out);
            case "" -> usage("Which command?");
            case String unknown -> usage("There is no command \"" + unknown + "\".");
        };
    }

    private static int serve() {
        Node node = Node.start(NodeSettings.from(System.getenv()));
        node.stopOnSignals();
        node.madeUpKey()
                .ifPresent(
                        key ->
                                System.err.println(
                                        "API key of the first workspace, shown this once: " + key));
        node.ownerLink()
                .ifPresent(
                        link ->
                                System.err.println(
                                        "The first owner signs up here, once and within a week: "
                                                + link));
        System.err.println("MailGenius runs at " + node.url());
        return Demo.STAYS;
    }

    private static int usage(String complaint) {
        System.err.println(complaint);
        System.err.println();
        System.err.println(USAGE);
        return REFUSED;
    }
}
