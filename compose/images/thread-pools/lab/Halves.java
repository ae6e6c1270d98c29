package lab;

import java.util.concurrent.RecursiveAction;

/** Work that cuts itself in two until a part is short: what a fork-join pool is made for. */
final class Halves extends RecursiveAction {
    private static final long serialVersionUID = 1L;
    private static final int SHORT = 10; // ms

    private final int ms;

    private Halves(int ms) {
        this.ms = ms;
    }

    /** Run it in the pool of the thread that asks for it, or in this thread if that is of no such pool. */
    static void run(int ms) {
        Halves all = new Halves(ms);
        if (inForkJoinPool()) {
            all.invoke();
        } else {
            Server.compute(ms);
        }
    }

    @Override
    protected void compute() {
        if (ms > SHORT) {
            invokeAll(new Halves(ms / 2), new Halves(ms - ms / 2));
            return;
        }
        Task task = new Task();
        task.task = "part";
        task.thread = Thread.currentThread().getName();
        task.begin();
        Server.compute(ms);
        task.commit();
    }
}
