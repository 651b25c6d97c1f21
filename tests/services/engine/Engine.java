package engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import org.camunda.bpm.engine.OptimisticLockingException;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A plain Camunda 7 with its REST API, for tests. It says on standard output which port it took, and ends when its
 * standard input does, so that it cannot outlive the tests. A line "analyze" there has the database count what lies in its
 * tables, by which it then chooses how to look things up.
 */
@SpringBootApplication
public class Engine {
  private static volatile ConfigurableApplicationContext context;

  public static void main(String[] arguments) {
    Thread guard = new Thread(() -> {
      try {
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in));
        for (String line = asked.readLine(); line != null; line = asked.readLine()) {
          if (line.equals("analyze")) analyze();
        }
      } catch (IOException end) {
        // Halted below like an orderly end.
      }
      Runtime.getRuntime().halt(0);
    });
    guard.setDaemon(true);
    guard.start();

    SpringApplication application = new SpringApplication(Engine.class);
    int[] port = new int[1];
    application.addListeners((ApplicationListener<WebServerInitializedEvent>) event -> port[0] = event.getWebServer().getPort());
    application.addListeners((ApplicationListener<ApplicationReadyEvent>) event -> System.out.println("listening on " + port[0]));
    context = application.run(arguments);
  }

  private static void analyze() {
    context.getBean(JdbcTemplate.class).execute("ANALYZE");
    System.out.println("analyzed");
  }

  /** A service task that fails as a busy database would, when the variable `failure` says so. */
  @Bean
  JavaDelegate failing() {
    return execution -> {
      if ("optimistic_locking".equals(execution.getVariable("failure"))) {
        throw new OptimisticLockingException("failing as told");
      }
    };
  }
}
