package io.mailgenius.engine.alerts;

/** A secret that the application has encrypted; the engine only stores it. */
public record SealedSecret(byte[] bytes) {

    /** Stays out of logs. */
    @Override
    public String toString() {
        return "SealedSecret[]";
    }
}
