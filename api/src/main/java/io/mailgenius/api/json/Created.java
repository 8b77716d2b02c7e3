package io.mailgenius.api.json;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.springframework.http.ResponseEntity;
import org.springframework.web.util.UriUtils;

/** Responses with a Location header. */
public final class Created {

    private Created() {}

    /** Encodes the key as one path segment; a semicolon would start a matrix parameter. */
    private static URI location(String path, Object key) {
        String step = UriUtils.encodePathSegment(key.toString(), StandardCharsets.UTF_8);
        return URI.create(path + "/" + step.replace(";", "%3B"));
    }

    /** 201 Created. */
    public static <T> ResponseEntity<T> at(String path, Object key, T body) {
        return ResponseEntity.created(location(path, key)).body(body);
    }

    /** 202 Accepted: the Location shows the progress. */
    public static <T> ResponseEntity<T> accepted(String path, Object key, T body) {
        return ResponseEntity.accepted().location(location(path, key)).body(body);
    }
}
