package downstream.eval.parallel;

import java.util.random.RandomGenerator;

/**
 * Generator that replicas share: each draws in its turn ({@link BatchShare#inTurn}), or what it
 * gets would depend on which thread came first.
 *
 * @param generator draws the numbers
 */
public record SharedRandom(RandomGenerator generator) implements RandomGenerator {
  @Override
  public int nextInt() {
    checkTurn();
    return generator.nextInt();
  }

  @Override
  public long nextLong() {
    checkTurn();
    return generator.nextLong();
  }

  private static void checkTurn() {
    if (!BatchShare.current().mayDraw()) {
      throw new IllegalStateException(
          "a replica draws random numbers out of turn: draw them in BatchShare.inTurn");
    }
  }
}
