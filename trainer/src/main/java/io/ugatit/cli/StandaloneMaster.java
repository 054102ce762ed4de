package io.ugatit.cli;

import io.ugatit.job.InvalidRequestException;
import io.ugatit.job.JobFailedException;
import java.util.stream.Stream;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcEnv$;
import scala.Option;

/**
 * Whether the master of a standalone cluster takes an application. Spark itself tries for a minute, with a stack trace each time, and then
 * goes on with a context that has been stopped.
 */
final class StandaloneMaster {
    private static final String AUTHENTICATE = "spark.authenticate";
    private static final String SECRET = "spark.authenticate.secret";
    private static final String SCHEME = "spark://";
    private static final String PRIVATE_FILE = "in a file for --properties-file that only you can read";
    /** How Spark names an application that no master has named. */
    private static final String UNREGISTERED = "spark-application-";

    private StandaloneMaster() { }

    /**
     * Asks the masters, if it is to be a standalone cluster. One that cannot be reached is left to Spark, which waits for it.
     *
     * @throws InvalidRequestException if there is no secret, or a master refuses it, or an application without one
     */
    static void requireSecret(SparkConf conf) {
        String masters = conf.get("spark.master");
        if (!masters.startsWith(SCHEME)) {
            return;
        }
        if (conf.getBoolean(AUTHENTICATE, false) && !conf.contains(SECRET)) {
            throw new InvalidRequestException(AUTHENTICATE + " is on, but there is no " + SECRET + ": give that of " + masters + ", "
                    + PRIVATE_FILE);
        }
        SecurityManager security = new SecurityManager(conf, Option.empty(), SecurityManager.$lessinit$greater$default$3());
        RpcEnv asking = RpcEnv$.MODULE$.create("ugatit-master", "localhost", 0, conf, security, true);
        try {
            Stream.of(masters.substring(SCHEME.length()).split(",")).forEach(master -> ask(asking, SCHEME + master, conf));
        } finally {
            asking.shutdown();
        }
    }

    private static void ask(RpcEnv asking, String master, SparkConf conf) {
        try {
            asking.setupEndpointRef(RpcAddress.fromSparkURL(master), "Master");
        } catch (Exception e) { // of Scala's, undeclared
            if (isRefusal(e)) {
                throw new InvalidRequestException(conf.getBoolean(AUTHENTICATE, false)
                        ? master + " hangs up: " + SECRET + " must be the master's, and spark.network.crypto.* must go with the master's"
                        : master + " takes only who knows its secret: set " + AUTHENTICATE + " to true and " + SECRET + ", "
                                + PRIVATE_FILE, e);
            }
        }
    }

    /** A master closes the connection to who has another secret, and tells who has none that it is no message for SASL. */
    private static boolean isRefusal(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("Outbox is stopped") || message.contains("Sasl") || message.contains("Authentication failed")) {
                return true;
            }
        }
        return false;
    }

    /**
     * To be asked when Spark has started.
     *
     * @throws JobFailedException if no master of a standalone cluster has taken the application
     */
    static void requireRegistered(SparkContext spark) {
        if (spark.master().startsWith(SCHEME) && spark.applicationId().startsWith(UNREGISTERED)) {
            throw new JobFailedException("no master answers at " + spark.master() + ": start it, or give its address as --master");
        }
    }
}
