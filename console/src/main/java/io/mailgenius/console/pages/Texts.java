package io.mailgenius.console.pages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.support.ResourceBundleMessageSource;

/**
 * The texts of the console, of the application's bundle {@code messages}, if it has one, and of its
 * message source.
 */
public final class Texts extends ResourceBundleMessageSource {

    private static final String OF_APPLICATION = "messages";

    public Texts(MessageSource application, ClassLoader classes) {
        boolean own = classes.getResource(OF_APPLICATION + ".properties") != null;
        setBasenames(
                (own ? List.of("console/messages", OF_APPLICATION) : List.of("console/messages"))
                        .toArray(String[]::new));
        setBundleClassLoader(classes);
        setDefaultEncoding(StandardCharsets.UTF_8.name());
        setFallbackToSystemLocale(false);
        setParentMessageSource(application);
    }

    /** Ids among the arguments have no separators of thousands; amounts are written before. */
    @Override
    protected Object[] resolveArguments(Object @Nullable [] arguments, @Nullable Locale locale) {
        return Stream.of(super.resolveArguments(arguments, locale))
                .map(it -> it instanceof Number ? it.toString() : it)
                .toArray();
    }
}
