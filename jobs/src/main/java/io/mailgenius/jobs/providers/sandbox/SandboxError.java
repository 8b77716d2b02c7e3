package io.mailgenius.jobs.providers.sandbox;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** An error response in the format of Resend. */
final class SandboxError extends RuntimeException {

    private final int status;
    private final String name;

    SandboxError(int status, String name, String message) {
        super(message, null, false, false);
        this.status = status;
        this.name = name;
    }

    int status() {
        return status;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    byte[] json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("statusCode", status);
        json.put("name", name);
        json.put("message", getMessage());
        return JsonMapper.shared().writeValueAsBytes(json);
    }
}
