/** Commands: pretrain, mine, demo. */
@NullMarked
package downstream.pretrain.cli;

import org.jspecify.annotations.NullMarked;
