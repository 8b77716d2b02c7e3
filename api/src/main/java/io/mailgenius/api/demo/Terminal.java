package io.mailgenius.api.demo;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/**
 * Whether standard error is a terminal. {@link System#console()} depends on standard input and
 * output, which can be redirected separately.
 */
final class Terminal {

    private static final int STANDARD_ERROR = 2;

    private Terminal() {}

    /** A dumb terminal cannot redraw a line. */
    static boolean redraws(Map<String, String> variables) {
        String type = variables.getOrDefault("TERM", "");
        return !type.isEmpty() && !type.equals("dumb") && isTerminal(STANDARD_ERROR);
    }

    private static boolean isTerminal(int file) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        return library.find("isatty")
                .or(() -> library.find("_isatty"))
                .map(function -> ask(linker, function, file))
                .orElse(false);
    }

    private static boolean ask(Linker linker, MemorySegment isatty, int file) {
        try {
            return (int)
                            linker.downcallHandle(
                                            isatty,
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                                    .invokeExact(file)
                    != 0;
        } catch (Throwable e) {
            throw new IllegalStateException("isatty takes a number and returns one", e);
        }
    }
}
