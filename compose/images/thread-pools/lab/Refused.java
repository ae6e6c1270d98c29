package lab;

import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A task that the pool would not take, and what it was told to do then. */
@Name("lab.Refused")
@StackTrace(false)
class Refused extends Event {
    String task;
    String policy;
}
