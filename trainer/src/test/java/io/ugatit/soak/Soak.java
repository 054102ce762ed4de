package io.ugatit.soak;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.Options;

/** The program of {@code submit/soak}. */
public final class Soak {
    private Soak() { }

    /** Ends with 0 if the run under faults is the undisturbed one, else with 1; with 2 if an option is wrong. */
    public static void main(String[] args) throws Exception {
        SoakOptions options;
        try {
            options = Options.parse(SoakOptions.class, args);
        } catch (InvalidRequestException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        // a soak that is interrupted leaves nothing running
        Runtime.getRuntime().addShutdownHook(new Thread(() ->
                ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        SoakResult result = new SoakRun(options, System.out).run();
        System.out.println(result.report());
        result.gaveUp().forEach(System.out::println);
        result.problems().forEach(System.out::println);
        System.out.println(result.problems().isEmpty() ? "passed: the bits of the undisturbed run, and nothing left over" : "failed");
        System.exit(result.problems().isEmpty() ? 0 : 1);
    }
}
