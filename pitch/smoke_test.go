package pitch
import ("testing";"time";"fmt")
func TestSmoke(t *testing.T){
 s:=time.Now(); l,err:=read(); if err!=nil{t.Fatal(err)}
 fmt.Println("read",time.Since(s)); s=time.Now()
 m,err:=compile(l); if err!=nil{t.Fatal(err)}
 fmt.Println("compile",time.Since(s), len(m.words), len(m.nodes), m.atoms, len(m.patterns))
 fmt.Println(Label("I will quit unless you agree."))
 fmt.Println(Label("Studies show that remote workers are more productive."))
}
