package lab;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The pools that a server can be started with. */
final class Pools {
    private static final int IDLE = 60; // seconds that a thread beyond the core is kept without work

    private Pools() {}

    static ExecutorService of(Map<String, String> settings) {
        int core = Integer.parseInt(settings.getOrDefault("core", "2"));
        int most = Integer.parseInt(settings.getOrDefault("most", String.valueOf(core)));
        return switch (settings.getOrDefault("kind", "pool")) {
            case "virtual" -> Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("virtual-", 1).factory());
            case "fork" -> fork(core);
            default -> pool(core, most, settings);
        };
    }

    private static ExecutorService pool(int core, int most, Map<String, String> settings) {
        BlockingQueue<Runnable> queue = queue(settings.getOrDefault("queue", "none"));
        AtomicInteger made = new AtomicInteger();
        ThreadFactory factory = work -> {
            Thread thread = new Thread(work, "pool-" + made.incrementAndGet());
            note(thread.getName(), made.get());
            return thread;
        };
        String policy = settings.getOrDefault("policy", "abort");
        return new ThreadPoolExecutor(core, most, IDLE, TimeUnit.SECONDS, queue, factory, handler(policy));
    }

    /** A queue with so many places; with none, tasks go from hand to hand; without a limit if no number is given. */
    private static BlockingQueue<Runnable> queue(String places) {
        if (places.equals("none")) {
            return new LinkedBlockingQueue<>() {
                private static final long serialVersionUID = 1L;

                @Override
                public boolean offer(Runnable work) {
                    note(work, size() + 1);
                    return super.offer(work);
                }
            };
        }
        int size = Integer.parseInt(places);
        if (size == 0) {
            return new SynchronousQueue<>();
        }
        return new ArrayBlockingQueue<>(size) {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean offer(Runnable work) {
                if (remainingCapacity() > 0) {
                    note(work, size() + 1);
                }
                return super.offer(work);
            }
        };
    }

    /** The policies of ThreadPoolExecutor, each noted. */
    private static RejectedExecutionHandler handler(String policy) {
        RejectedExecutionHandler java = switch (policy) {
            case "caller" -> new ThreadPoolExecutor.CallerRunsPolicy();
            case "oldest" -> new ThreadPoolExecutor.DiscardOldestPolicy();
            default -> new ThreadPoolExecutor.DiscardPolicy();
        };
        return (work, pool) -> {
            Runnable lost = policy.equals("oldest") ? pool.getQueue().peek() : work;
            if (lost instanceof Job job) {
                job.refused(policy, policy.equals("abort"));
            }
            java.rejectedExecution(work, pool);
        };
    }

    private static ExecutorService fork(int threads) {
        AtomicInteger made = new AtomicInteger();
        ForkJoinPool.ForkJoinWorkerThreadFactory factory = pool -> {
            ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
            thread.setName("fork-" + made.incrementAndGet());
            note(thread.getName(), made.get());
            return thread;
        };
        return new ForkJoinPool(threads, factory, null, true);
    }

    private static void note(Runnable work, int waiting) {
        if (work instanceof Job job) {
            job.queued(waiting);
        }
    }

    private static void note(String thread, int threads) {
        Started started = new Started();
        started.thread = thread;
        started.threads = threads;
        started.commit();
    }
}
