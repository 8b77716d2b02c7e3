package io.mailgenius.api.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.Serial;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/** Makes each component of the API's records required unless it is {@code @Nullable}. */
final class RequiredUnlessNullable extends NopAnnotationIntrospector {

    @Serial private static final long serialVersionUID = 1L;

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        return isRequired(member) ? Boolean.TRUE : null;
    }

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        return JsonSetter.Value.construct(
                isRequired(annotated) ? Nulls.FAIL : null,
                hasContentThatIsRequired(annotated) ? Nulls.FAIL : null);
    }

    private static boolean isRequired(Annotated annotated) {
        AnnotatedType type = typeOf(annotated);
        return type != null && !isNullable(type);
    }

    /** Elements of a list. Values of a map may be null as its absent keys are. */
    private static boolean hasContentThatIsRequired(Annotated annotated) {
        if (!(typeOf(annotated) instanceof AnnotatedParameterizedType several)
                || !Collection.class.isAssignableFrom(annotated.getRawType())) {
            return false;
        }
        AnnotatedType[] arguments = several.getAnnotatedActualTypeArguments();
        AnnotatedType content = arguments[arguments.length - 1];
        return content.getType() != Object.class && !isNullable(content);
    }

    /** Of a component of our records. */
    private static @Nullable AnnotatedType typeOf(Annotated annotated) {
        return annotated instanceof AnnotatedParameter parameter
                        && parameter.getOwner() instanceof AnnotatedConstructor constructor
                        && constructor.getDeclaringClass().isRecord()
                        && constructor.getDeclaringClass().getName().startsWith("io.mailgenius.")
                ? constructor.getAnnotated().getAnnotatedParameterTypes()[parameter.getIndex()]
                : null;
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }
}
