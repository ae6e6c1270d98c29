package lab;

import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A task while a thread runs it: from its beginning to its end. */
@Name("lab.Task")
@StackTrace(false)
class Task extends Event {
    String task;
    String thread;
}
