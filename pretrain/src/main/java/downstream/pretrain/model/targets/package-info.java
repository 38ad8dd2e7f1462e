/** Target networks: moving averages of online ones, and the queue of what they made. */
@NullMarked
package downstream.pretrain.model.targets;

import org.jspecify.annotations.NullMarked;
