package io.ugatit.job;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine this runs on, for messages about one of many. */
public final class Host {
    private Host() {}

    /** Its name, or what is known of it. */
    public static String name() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a host without an address (" + e.getMessage() + ")"; // which begins with the name
        }
    }
}
