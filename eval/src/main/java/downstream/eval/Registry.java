package downstream.eval;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Plug-ins of one kind by id: no id twice, and a miss names what there is. */
public final class Registry<T> {
  private final String kind;
  private final Map<String, T> byId;

  public Registry(String kind, Iterable<? extends T> offers, Function<? super T, String> id) {
    this.kind = kind;
    Map<String, T> found = new TreeMap<>();
    for (T offer : offers) {
      T other = found.putIfAbsent(id.apply(offer), offer);
      if (other != null) {
        throw new BadInput(
            kind + " '" + id.apply(offer) + "'",
            "is offered twice, by " + origin(other) + " and by " + origin(offer),
            "Remove one of the two jars from the class path");
      }
    }
    this.byId = Collections.unmodifiableMap(found);
  }

  public Map<String, T> all() {
    return byId;
  }

  public T named(String id) {
    T found = byId.get(id);
    if (found == null) {
      String fix =
          byId.isEmpty()
              ? "Put its jar into plugins/: none is installed"
              : "Did you mean '"
                  + Json.nearest(id, byId.keySet())
                  + "'? Installed: "
                  + byId.keySet();
      throw new BadInput(kind + " '" + id + "'", "is not installed", fix);
    }
    return found;
  }

  private static String origin(Object plugIn) {
    return plugIn.getClass().getName();
  }
}
