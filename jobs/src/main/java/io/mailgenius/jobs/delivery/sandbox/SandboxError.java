package io.mailgenius.jobs.delivery.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** An answer that says no, in Resend's words. */
final class SandboxError extends RuntimeException {

    private final int status;
    private final String name;
    private final String message;

    SandboxError(int status, String name, String message) {
        super(message, null, false, false);
        this.status = status;
        this.name = name;
        this.message = message;
    }

    int status() {
        return status;
    }

    byte[] json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("statusCode", status);
        json.put("name", name);
        json.put("message", message);
        return JsonMapper.shared().writeValueAsBytes(json);
    }
}
