package lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * An HTTP server: one thread takes the requests, a pool does what they ask for.
 *
 * <p>/work?name=a&ms=100 waits that long (or, with how=compute, computes); with how=ask it has the pool do the wait and waits for
 * that; with how=split it cuts itself in two until each part is 10 ms. The answer is the name of the thread.
 */
final class Server {
    private static final int BACKLOG = 64; // connections that the kernel keeps until they are accepted
    private static final int PATIENCE = 2; // seconds that a task waits for one of its own

    private final ExecutorService pool;

    private Server(ExecutorService pool) {
        this.pool = pool;
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, String> settings = Arrays.stream(arguments)
            .map(word -> word.split("=", 2))
            .collect(Collectors.toMap(word -> word[0], word -> word[1]));
        HttpServer http = HttpServer.create(new InetSocketAddress("0.0.0.0", 80), BACKLOG);
        Server server = new Server(Pools.of(settings));
        http.createContext("/work", server::take);
        http.createContext("/quick", exchange -> answer(exchange, 200, "quick"));
        http.start();
        Files.createFile(Path.of("/run/lab/ready"));
    }

    /** The one thread that takes requests hands the work to the pool, and goes on. */
    private void take(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange);
        Job job = new Job(query.get("name"), () -> work(query), (status, words) -> answer(exchange, status, words));
        pool.execute(job);
    }

    private String work(Map<String, String> query) throws Exception {
        int ms = Integer.parseInt(query.get("ms"));
        switch (query.getOrDefault("how", "wait")) {
            case "compute" -> compute(ms);
            case "ask" -> {
                Callable<String> own = () -> {
                    Thread.sleep(ms);
                    return "";
                };
                return waitFor(pool.submit(own));
            }
            case "split" -> Halves.run(ms);
            default -> Thread.sleep(ms);
        }
        return Thread.currentThread().toString();
    }

    /** What a task gets that waits for another one of its own pool. */
    private static String waitFor(Future<String> own) throws InterruptedException, ExecutionException {
        try {
            own.get(PATIENCE, TimeUnit.SECONDS);
            return "done";
        } catch (TimeoutException late) {
            own.cancel(true);
            throw new IllegalStateException("no thread came", late);
        }
    }

    static void compute(int ms) {
        long end = System.nanoTime() + ms * 1_000_000L;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        return Arrays.stream(exchange.getRequestURI().getQuery().split("&"))
            .map(word -> word.split("=", 2))
            .collect(Collectors.toMap(word -> word[0], word -> word[1]));
    }

    static void answer(HttpExchange exchange, int status, String words) {
        byte[] body = (words + "\n").getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Connection", "close");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException gone) {
            System.err.println("the client has gone: " + gone.getMessage());
        }
    }
}
