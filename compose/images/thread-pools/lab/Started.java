package lab;

import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A thread that the pool made. `threads`: how many it has now. */
@Name("lab.Started")
@StackTrace(false)
class Started extends Event {
    String thread;
    int threads;
}
