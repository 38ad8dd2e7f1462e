package downstream.leaderboard.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A process of its own that appends lines: folder, name, how many. */
final class Appender {
  private Appender() {}

  public static void main(String[] arguments) throws IOException {
    Ledger ledger = Ledger.in(Path.of(arguments[0]), Clock.systemUTC());
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      ledger.append(List.of(LedgerEntry.run(arguments[1] + "-" + i, "run-" + i + ".json", "")));
      System.out.println(i);
    }
  }
}
