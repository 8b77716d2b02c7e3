package io.mailgenius.api.json;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.springframework.http.ResponseEntity;
import org.springframework.web.util.UriUtils;

/** Answers that say where what was asked for is to be found. */
public final class Created {

    private Created() {}

    /** Of whatever the key is made of, one step of a path; a semicolon would begin a parameter. */
    private static URI location(String path, Object key) {
        String step = UriUtils.encodePathSegment(key.toString(), StandardCharsets.UTF_8);
        return URI.create(path + "/" + step.replace(";", "%3B"));
    }

    /** It is there. */
    public static <T> ResponseEntity<T> at(String path, Object key, T body) {
        return ResponseEntity.created(location(path, key)).body(body);
    }

    /** It is being worked on; look there how far it is. */
    public static <T> ResponseEntity<T> accepted(String path, Object key, T body) {
        return ResponseEntity.accepted().location(location(path, key)).body(body);
    }
}
