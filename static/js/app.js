// What every page may use, each behaviour a module of its own. Nothing here is needed: links and forms work without.
import "./failures.js"
import "./rarely.js"
import "./hotkeys.js"
import "./search.js"
import "./flash.js"
import "./forms.js"
import "./dialogs.js"
import "./grid.js"
