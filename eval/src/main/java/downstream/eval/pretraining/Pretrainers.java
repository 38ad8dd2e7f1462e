package downstream.eval.pretraining;

import downstream.eval.Registry;
import java.util.Map;
import java.util.ServiceLoader;

/** The pretraining methods that the class path offers. */
public final class Pretrainers {
  private Pretrainers() {}

  /**
   * All of them by name.
   *
   * @throws downstream.eval.BadInput if two have the same name
   */
  public static Map<String, Pretrainer> installed() {
    return registry().all();
  }

  /**
   * The one of this name.
   *
   * @throws downstream.eval.BadInput if there is none (naming those there are), or more than one
   */
  public static Pretrainer named(String name) {
    return registry().named(name);
  }

  private static Registry<Pretrainer> registry() {
    return new Registry<>("pretrainer", ServiceLoader.load(Pretrainer.class), Pretrainer::name);
  }
}
