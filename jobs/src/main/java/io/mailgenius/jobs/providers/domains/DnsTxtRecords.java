package io.mailgenius.jobs.providers.domains;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Lookup;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Asks the servers that the machine is configured with, and caches nothing. */
final class DnsTxtRecords implements TxtRecords {

    /** A person waits for the answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Resolver resolver;

    DnsTxtRecords() {
        this(new ExtendedResolver());
    }

    DnsTxtRecords(Resolver resolver) {
        this.resolver = resolver;
        resolver.setTimeout(TIMEOUT);
    }

    @Override
    public List<String> of(String name) throws IOException {
        Lookup lookup = new Lookup(Name.fromString(name + "."), Type.TXT);
        lookup.setResolver(resolver);
        lookup.setCache(null);
        Record[] records = lookup.run();
        return switch (lookup.getResult()) {
            case Lookup.SUCCESSFUL -> texts(records);
            case Lookup.HOST_NOT_FOUND, Lookup.TYPE_NOT_FOUND -> List.of();
            default ->
                    throw new IOException(
                            "The DNS does not answer about %s: %s"
                                    .formatted(name, lookup.getErrorString()));
        };
    }

    /** A text of more than 255 characters comes in parts. */
    private static List<String> texts(Record[] records) {
        List<String> texts = new ArrayList<>();
        for (Record record : records) {
            if (record instanceof TXTRecord text) {
                texts.add(String.join("", text.getStrings()));
            }
        }
        return texts;
    }
}
