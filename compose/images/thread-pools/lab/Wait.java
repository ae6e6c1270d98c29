package lab;

import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A task while it waits in the queue. `queued`: how many waited when it came, itself among them. */
@Name("lab.Wait")
@StackTrace(false)
class Wait extends Event {
    String task;
    int queued;
}
