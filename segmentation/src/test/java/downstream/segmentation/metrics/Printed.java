package downstream.segmentation.metrics;

import downstream.eval.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** What a command line printed. */
public record Printed(int code, String out, String err) {
  /** Runs the command in this process. */
  public static Printed by(String[] line, String... options) {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    PrintStream outBefore = System.out;
    PrintStream errorBefore = System.err;
    System.setOut(new PrintStream(stdout, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(stderr, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(Stream.of(line, options).flatMap(Stream::of).toArray(String[]::new));
      return new Printed(
          code, stdout.toString(StandardCharsets.UTF_8), stderr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errorBefore);
    }
  }
}
