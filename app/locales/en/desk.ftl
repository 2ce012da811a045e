nav-desk = My work
desk-welcome = Hello, { $name }
desk-about = Choose what to do.
