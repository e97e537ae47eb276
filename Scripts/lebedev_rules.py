"""Writes Sources/GroupTheory/Sphere/Tables/Lebedev*.swift: the rules of Lebedev and Laikov (1999) to full double precision.

The numbers of scipy.integrate.lebedev_rule (scipy 1.17) are sorted into octahedral orbits and polished by Gauss-Newton steps on the
octahedral moments of all even degrees: residuals in 64-bit significands, to about 3e-19. Of each orbit the weight (all weights of a rule
sum to 1) and the two smaller coordinates u <= v are kept.
Run from the root of the repository: python Scripts/lebedev_rules.py
"""
import itertools

import numpy as np
from scipy.integrate import lebedev_rule
LD = np.longdouble
orders = [3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,35,41,47,53,59,65,71,77,83,89,95,101,107,113,119,125,131]
rng = np.random.default_rng(1)
group = []
for p in itertools.permutations(range(3)):
    for s in itertools.product([1,-1],repeat=3):
        if s[0] == 1: group.append((p,s))  # up to inversion: even degrees only
def legendre(t, x):
    """P_l(x), P_l'(x) for even l <= t."""
    one = np.ones_like(x); P=[one, x]; D=[0*x, one]
    for l in range(2, t+1):
        P.append(((2*l-1)*x*P[-1]-(l-1)*P[-2])/LD(l)); D.append(D[l-2]+(2*l-1)*P[l-1])
    return P[0::2], D[0::2]
out = {}
for t in orders:
    x, w = lebedev_rule(t)
    w = w/(4*np.pi); n = len(w)
    key = np.sort(np.round(np.abs(x.T), 7), axis=1)
    seen = {}
    for i,k in enumerate(map(tuple,key)): seen.setdefault(k, []).append(i)
    gens=[]
    for k, idx in seen.items():
        c = np.sort(np.abs(x[:, idx[0]])); typ=None
        z = [v for v in c]
        assert np.ptp(w[idx]) < 1e-12
        a,b,cc = z
        if b < 1e-6: typ='a1'
        elif a < 1e-6 and abs(b-cc)<1e-6: typ='a2'
        elif abs(a-cc)<1e-6: typ='a3'
        elif a < 1e-6: typ='c'
        elif abs(a-b)<1e-6: typ='b1'   # (l,l,m) m largest
        elif abs(b-cc)<1e-6: typ='b2'  # (m,l,l) m smallest
        else: typ='d'
        size={'a1':6,'a2':12,'a3':8,'c':24,'b1':24,'b2':24,'d':48}[typ]
        assert len(idx)==size,(t,typ,len(idx))
        gens.append([typ,size,LD(w[idx].mean()),LD(a),LD(b)])
    K=12
    Y = rng.normal(size=(K,3)); Y=Y.astype(LD); Y/=np.sqrt((Y*Y).sum(1))[:,None]
    GY = np.array([[ [s[i]*y[p[i]] for i in range(3)] for (p,s) in group] for y in Y],dtype=LD)  # K,24,3
    npar={'a1':0,'a2':0,'a3':0,'c':1,'b1':1,'b2':1,'d':2}
    last=None
    for it in range(9):
        pts=[];tang=[]
        for typ,size,wt,a,b in gens:
            h=LD(1)
            if typ=='a1': p=[0*h,0*h,h];T=[]
            elif typ=='a2': s=np.sqrt(h/2);p=[0*h,s,s];T=[]
            elif typ=='a3': s=np.sqrt(h/3);p=[s,s,s];T=[]
            elif typ=='c': c=np.sqrt(h-b*b);p=[0*h,b,c];T=[[0*h,h,-b/c]]
            elif typ=='b1': c=np.sqrt(h-2*a*a);p=[a,a,c];T=[[h,h,-2*a/c]]
            elif typ=='b2': c=np.sqrt((h-a*a)/2);p=[a,c,c];T=[[h,-a/(2*c),-a/(2*c)]]
            else: c=np.sqrt(h-a*a-b*b);p=[a,b,c];T=[[h,0*h,-a/c],[0*h,h,-b/c]]
            pts.append(p);tang.append(T)
        pts=np.array(pts,dtype=LD)
        dots=np.einsum('gi,kji->gkj',pts,GY)
        P,D=legendre(t-1,dots)
        nu=sum(1+npar[g[0]] for g in gens)
        rows=len(P)*K
        J=np.zeros((len(P),K,nu)); R=np.zeros((len(P),K),dtype=LD)
        for li,(p,d) in enumerate(zip(P,D)):
            val=p.mean(axis=2)  # g,K
            R[li]=sum(g[1]*g[2]*val[i] for i,g in enumerate(gens)) - (1 if li==0 else 0)
            grad=np.einsum('gkj,kji->gki',d,GY)/24
            col=0
            for i,g in enumerate(gens):
                J[li,:,col]=g[1]*val[i];col+=1
                for T in tang[i]:
                    J[li,:,col]=g[1]*g[2]*(grad[i]@np.array(T,dtype=LD));col+=1
        scale=np.sqrt(4*np.arange(len(P))+1.)[:,None]
        res=float(np.abs(R).max())
        if res<3e-19 or (last is not None and res>0.5*last and res<1e-17): break
        last=res
        # column scaling keeps the condition in hand
        A=(J*scale[:,:,None]).reshape(rows,nu); r=(R*scale).astype(float).reshape(rows)
        cs=np.linalg.norm(A,axis=0); dx=np.linalg.lstsq(A/cs,-r,rcond=1e-8)[0]/cs
        col=0
        for i,g in enumerate(gens):
            g[2]+=LD(dx[col]);col+=1
            if npar[g[0]]==1:
                if g[0]=='c': g[4]+=LD(dx[col])
                else: g[3]+=LD(dx[col]); 
                col+=1
            elif npar[g[0]]==2:
                g[3]+=LD(dx[col]);g[4]+=LD(dx[col+1]);col+=2
    table=[]
    for (typ,size,wt,a,b),p in zip(gens,pts):
        q=np.sort(p); table.append([float(wt),float(q[0]),float(q[1])])
    table.sort(key=lambda g:(g[1],g[2]))
    out[t]=dict(points=n,table=table,negative=any(g[0]<0 for g in table))
    print(t,n,len(gens),nu,'residual',res,'iterations',it,'min w',min(g[0] for g in table),flush=True)

def emit(degrees, lines):
    """Numbers packed into lines of at most 140 characters, one array literal a rule."""
    for t in degrees:
        lines.append(f"  case {t}:")
        lines.append("    [")
        line = ""
        for generator in out[t]["table"]:
            text = ", ".join(map(repr, generator)) + ","
            if line and len(line) + len(text) > 132:
                lines.append("      " + line.strip())
                line = ""
            line += " " + text
        lines += ["      " + line.strip(), "    ]"]


parts = [orders[:22], orders[22:28], orders[28:]]
for index, degrees in enumerate(parts):
    lines = [
        "// Generated by Scripts/lebedev_rules.py; do not edit.", "",
        "/// Generators (weight, u, v) of the orbits of Lebedev's rules of degrees %d to %d; nil for other degrees." % (degrees[0], degrees[-1]),
        "///",
        "/// Source: V. I. Lebedev and D. N. Laikov, A quadrature formula for the sphere of the 131st algebraic order of accuracy, Doklady",
        "/// Mathematics 59 (1999) 477.",
        "func lebedevGenerators%dTo%d(degree: Int) -> [Double]? {" % (degrees[0], degrees[-1]), "  switch degree {"]
    emit(degrees, lines)
    lines += ["  default: nil", "  }", "}", ""]
    with open("Sources/GroupTheory/Sphere/Tables/LebedevGenerators%dTo%d.swift" % (degrees[0], degrees[-1]), "w") as file:
        file.write("\n".join(lines))
