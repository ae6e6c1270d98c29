package lab;

import java.util.concurrent.Callable;

/** A request's work: it notes how long it waits in the queue, which thread runs it and for how long, and whether it is refused. */
final class Job implements Runnable {
    /** Sends an answer. */
    interface Reply {
        void send(int status, String words);
    }

    final String name;
    private final Callable<String> work;
    private final Reply reply;
    private final Wait wait = new Wait();

    Job(String name, Callable<String> work, Reply reply) {
        this.name = name;
        this.work = work;
        this.reply = reply;
    }

    /** It has been put into the queue, as the last of so many. */
    void queued(int waiting) {
        wait.task = name;
        wait.queued = waiting;
        wait.begin();
    }

    @Override
    public void run() {
        if (wait.task != null) {
            wait.commit();
        }
        Task task = new Task();
        task.task = name;
        task.thread = Thread.currentThread().getName();
        task.begin();
        try {
            String words = work.call();
            task.commit();
            reply.send(200, words);
        } catch (Exception failed) {
            task.commit();
            reply.send(500, String.valueOf(failed.getMessage()));
        }
    }

    /** The pool would not take it; with some policies the client is told. */
    void refused(String policy, boolean told) {
        Refused event = new Refused();
        event.task = name;
        event.policy = policy;
        event.commit();
        if (told) {
            reply.send(503, "refused");
        }
    }
}
