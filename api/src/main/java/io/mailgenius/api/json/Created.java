package io.mailgenius.api.json;

import java.net.URI;
import org.springframework.http.ResponseEntity;

/** Answers that say where what was asked for is to be found. */
public final class Created {

    private Created() {}

    /** It is there. */
    public static <T> ResponseEntity<T> at(String path, Object key, T body) {
        return ResponseEntity.created(URI.create(path + "/" + key)).body(body);
    }

    /** It is being worked on; look there how far it is. */
    public static <T> ResponseEntity<T> accepted(String path, Object key, T body) {
        return ResponseEntity.accepted().location(URI.create(path + "/" + key)).body(body);
    }
}
