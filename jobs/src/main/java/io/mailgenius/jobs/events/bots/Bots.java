package io.mailgenius.jobs.events.bots;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognises bots by user agent or network. */
public final class Bots {

    /** The period in which a bot follows all links of a mail. */
    public static final Duration BURST = Duration.ofSeconds(5);

    /** More links than a person follows in this period. */
    public static final int MANY = 6;

    public static final String SCANNER = "scanner";

    /** A person cannot have read the mail this soon after its delivery. */
    public static final Duration TOO_SOON = Duration.ofSeconds(3);

    public static final String TOO_SOON_KIND = "too-soon";

    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    /** Marks exceptions in agents.txt: user agents that a later rule would classify as bots. */
    private static final String PERSON = "person";

    /** The characters of a user agent that are examined, so that a long one costs no time. */
    private static final int READ = 512;

    /** A rule of agents.txt. */
    private sealed interface Rule {

        boolean fits(String agent);

        record Whole(String text) implements Rule {
            @Override
            public boolean fits(String agent) {
                return agent.equals(text);
            }
        }

        record Part(String text) implements Rule {
            @Override
            public boolean fits(String agent) {
                return agent.contains(text);
            }
        }

        record Expression(Pattern pattern) implements Rule {
            @Override
            public boolean fits(String agent) {
                return pattern.matcher(agent).find();
            }
        }

        static Rule of(String line) {
            return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
                case '=' -> new Whole(line.substring(1).toLowerCase(Locale.ROOT));
                case '~' -> new Expression(Pattern.compile(line.substring(1)));
                default -> new Part(line.toLowerCase(Locale.ROOT));
            };
        }
    }

    private record Agent(String kind, Rule rule) {}

    private record Network(String kind, byte[] address, int bits) {

        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (address[i] != other[i]) {
                    return false;
                }
            }
            int mask = 0xFF00 >> bits % 8 & 0xFF;
            return mask == 0 || (address[whole] & mask) == (other[whole] & mask);
        }
    }

    private final List<Agent> agents = new ArrayList<>();
    private final List<Network> networks = new ArrayList<>();

    public Bots() {
        for (String[] line : lines("agents.txt")) {
            agents.add(new Agent(line[0], Rule.of(line[1])));
        }
        for (String[] line : lines("networks.txt")) {
            String[] cidr = line[1].split("/");
            networks.add(
                    new Network(
                            line[0],
                            Objects.requireNonNull(address(cidr[0]), line[1]),
                            Integer.parseInt(cidr[1])));
        }
    }

    private static List<String[]> lines(String resource) {
        try (var in =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(Bots.class.getResourceAsStream(resource)),
                                UTF_8))) {
            return in.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The kind of bot; null for a person.
     *
     * @param agent null if unknown, which differs from a missing user agent
     */
    public @Nullable String kind(@Nullable String agent, String ip) {
        byte[] from = address(ip);
        for (Network network : networks) {
            if (from != null && network.holds(from)) {
                return network.kind();
            }
        }
        if (agent == null) {
            return null;
        }
        String whole = agent.strip().toLowerCase(Locale.ROOT);
        String lower = whole.length() > READ ? whole.substring(0, READ) : whole;
        for (Agent known : agents) {
            if (known.rule().fits(lower)) {
                return known.kind().equals(PERSON) ? null : known.kind();
            }
        }
        return null;
    }

    /** Parses a literal address, never a host name, so that no DNS lookup is made. */
    private static byte @Nullable [] address(String ip) {
        try {
            return ADDRESS.matcher(ip).matches() ? InetAddress.getByName(ip).getAddress() : null;
        } catch (UnknownHostException invalidAddress) {
            return null;
        }
    }
}
