package io.mailgenius.api.openapi;

import com.fasterxml.jackson.databind.JavaType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.core.util.Json31;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Names the schemas of the document so that no two classes share one: a nested class is named with
 * the class around it, and a name of one word with the noun of its package.
 */
final class SchemaNames extends TypeNameResolver {

    /** One for the JVM, as the converters of swagger-core are. */
    static final SchemaNames NAMES = new SchemaNames();

    private static final String CONTROLLER = "Controller";

    private final Map<String, Class<?>> classes = new ConcurrentHashMap<>();

    private SchemaNames() {}

    /** Has swagger-core use these names, in the place of its own simple ones. */
    static void install() {
        ModelConverters all = ModelConverters.getInstance(true);
        List<ModelConverter> before = List.copyOf(all.getConverters());
        before.forEach(all::removeConverter);
        // Each is put before those that are there.
        for (ModelConverter converter : before.reversed()) {
            all.addConverter(
                    converter.getClass() == ModelResolver.class
                            ? new ModelResolver(Json31.mapper(), NAMES).openapi31(true)
                            : converter);
        }
    }

    /** The class that a schema describes. */
    @Nullable Class<?> classOf(String schema) {
        return classes.get(schema);
    }

    @Override
    protected String nameForGenericType(JavaType type, Set<Options> options) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < type.containedTypeCount(); i++) {
            name.append(nameForType(type.containedType(i), options));
        }
        return taken(name + type.getRawClass().getSimpleName(), type.getRawClass());
    }

    @Override
    protected String getNameOfClass(Class<?> type) {
        return taken(of(type), type);
    }

    static String of(Class<?> type) {
        String simple = type.getSimpleName();
        Class<?> around = type.getEnclosingClass();
        if (around != null) {
            String outer = singular(of(around));
            return simple.contains(outer)
                    ? simple
                    : outer.endsWith(simple) ? outer : outer + simple;
        }
        if (simple.endsWith(CONTROLLER)) {
            return simple.substring(0, simple.length() - CONTROLLER.length());
        }
        return isOneWord(simple) ? withNoun(simple, type) : simple;
    }

    private static boolean isOneWord(String name) {
        return name.chars().filter(Character::isUpperCase).count() == 1;
    }

    private static String withNoun(String name, Class<?> type) {
        String steps = type.getPackageName();
        String last = singular(steps.substring(steps.lastIndexOf('.') + 1));
        String noun = Character.toUpperCase(last.charAt(0)) + last.substring(1);
        return singular(name).contains(noun) ? name : noun + name;
    }

    private static String singular(String noun) {
        return noun.endsWith("s") && !noun.endsWith("ics")
                ? noun.substring(0, noun.length() - 1)
                : noun;
    }

    /** The full name of a class is never taken. */
    private String taken(String name, Class<?> type) {
        Class<?> known = classes.putIfAbsent(name, type);
        if (known == null || known == type) {
            return name;
        }
        String full = type.getName().replace('$', '.');
        classes.put(full, type);
        return full;
    }
}
